/** The picture that stands where the graph will be until the page can draw it: the server's, see theme.js. */

/** The page's own is there. @param {HTMLElement} stage where: the next time the server's picture comes there */
export function ownPictureDrawn(stage) {
  document.querySelector(".first-picture")?.remove();
  const { left, top, width, height } = stage.getBoundingClientRect();
  const room = [left, top, width, height].map(Math.round);
  try {
    sessionStorage.setItem("stepscope.graph-room", JSON.stringify({ window: `${innerWidth} ${innerHeight}`, room }));
  } catch {
    // Storage is switched off: it comes where it is by default.
  }
}
