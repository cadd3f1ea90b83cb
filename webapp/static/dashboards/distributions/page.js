/** The page "Distributions": values that are many numbers at once, over the steps. */

import { kindPage } from "../media/kind-page.js";
import { confusionMatrices } from "./confusion.js";
import { histograms } from "./histograms.js";
import { prCurves, rocCurves } from "./threshold-curves.js";

export const distributions = kindPage({ id: "distributions", title: "Distributions", kinds: [histograms, prCurves, rocCurves, confusionMatrices], ahead: true });
