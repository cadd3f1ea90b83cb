/** The bar above the views: which embedding, what its points look like, and what is done with it. */

import { MOST_VIEWS, viewBeside } from "../../lib/point-views.js";
import { activeView, pointViews } from "../../state/projector-settings.js";
import { shownEmbedding } from "../../state/projector-shown.js";
import { h, icon, iconButton } from "../../ui/dom.js";
import { embeddingChooser } from "./chooser.js";
import { colorPicker, labelPicker } from "./color-picker.js";
import { extrasMenu } from "./extras-menu.js";
import { modePicker } from "./mode-picker.js";

/** @param {{onMethod: () => void, onInspector: () => void, onExport: (button: HTMLElement) => void, onOpenFile: (button: HTMLElement) => void}} events */
export function projectorToolbar({ onMethod, onInspector, onExport, onOpenFile }) {
  const method = iconButton("sliders", "Layout: method and settings", onMethod);
  const inspect = iconButton("list", "Points: search, details, neighbours", onInspector);
  const mode = modePicker();
  const add = h("button", { type: "button", title: "Another view beside this one: same points, same selection", className: "with-icon", onclick: addView }, icon("plus"), "View");
  const save = iconButton("download", "Export", () => onExport(save));
  const open = h("button", { type: "button", title: "Open an embedding: .tsv, .csv, .npy, .npz, .parquet, .safetensors", onclick: () => onOpenFile(open) }, "Open", h("span", { className: "wide-only" }, " file"));
  const needPoints = [colorPicker(), labelPicker(), extrasMenu(), mode, add, save];
  const element = h("div", { className: "bar projector-bar", role: "toolbar", "aria-label": "Projector" }, method, embeddingChooser(), ...needPoints.slice(0, 4), h("span", { className: "bar-end" }, add, save, open, inspect));
  const update = () => {
    for (const part of needPoints) part.toggleAttribute("inert", shownEmbedding.get() === null);
    add.disabled = pointViews.get().length >= MOST_VIEWS;
  };
  for (const atom of [shownEmbedding, pointViews]) atom.subscribe(update);
  update();
  return {
    element,
    /** Which panels are seen. @param {{method: boolean, inspector: boolean}} shown */
    press(shown) {
      method.setAttribute("aria-pressed", String(shown.method));
      inspect.setAttribute("aria-pressed", String(shown.inspector));
    },
  };
}

/** The new view is the one that the panel is about. */
function addView() {
  const views = pointViews.get();
  if (views.length >= MOST_VIEWS) return;
  const view = viewBeside(views);
  pointViews.set([...views, view]);
  activeView.set(view.id);
}
