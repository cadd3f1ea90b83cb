/** The page "Media": everything that is looked at, heard or read, at one step. */

import { audio } from "./audio.js";
import { html } from "./html.js";
import { images } from "./images.js";
import { kindPage } from "./kind-page.js";
import { meshes } from "./meshes.js";
import { other } from "./other.js";
import { plotly } from "./plotly.js";
import { tables } from "./tables.js";
import { text } from "./text.js";
import { video } from "./video.js";

export const media = kindPage({ id: "media", title: "Media", kinds: [images, video, audio, text, plotly, html, tables, meshes, other] });
