/** The picture that stands where the graph will be until the page can draw it: the server's, see theme.js. */

/** It is not, or no longer, what is to be seen; one that is still on its way is not shown. */
export const endFirstPicture = () => dispatchEvent(new Event("firstpictureend"));

/** Where the server's picture comes the next time: where the page has its own. @param {HTMLElement} stage */
export function keepRoom(stage) {
  const { left, top, width, height } = stage.getBoundingClientRect();
  if (!width || !height) return; // another page is in sight, or there is no graph
  const room = [left, top, width, height].map(Math.round);
  try {
    sessionStorage.setItem("stepscope.graph-room", JSON.stringify({ window: `${innerWidth} ${innerHeight}`, room }));
  } catch {
    // Storage is switched off: it comes where it is by default.
  }
}
