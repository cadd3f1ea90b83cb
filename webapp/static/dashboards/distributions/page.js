/** The page "Distributions": values that are many numbers at once, over the steps. */

import { kindPage } from "../media/kind-page.js";

export const distributions = kindPage({ id: "distributions", title: "Distributions", kinds: [] });
