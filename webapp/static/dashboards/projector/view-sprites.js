/** The thumbnails of the embedding in sight, as a view takes them. */

import { shownEmbedding } from "../../state/projector-shown.js";

/** null: it has none. */
export const spriteAtlas = () => shownEmbedding.get()?.info.sprite ?? null;
