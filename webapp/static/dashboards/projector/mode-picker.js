/** What dragging over a picture does, as a row of buttons. */

import { bind, segmented } from "../../ui/controls.js";
import { pointMode } from "./point-mode.js";

export function modePicker() {
  const picker = segmented("Dragging", [["pan", "Move", "Dragging moves the picture"], ["box", "Box", "Dragging selects a box of points (b)"], ["lasso", "Lasso", "Dragging selects what lies in an outline (l)"]]);
  bind(picker, pointMode);
  return picker;
}
