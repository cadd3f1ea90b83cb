/** Files that are dropped on a page. */

/** @param {HTMLElement} root marked "dropping" while files are above it @param {(files: FileList) => void} onFiles */
export function listenToDrops(root, onFiles) {
  const hasFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;
  root.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    root.classList.add("dropping");
  });
  root.addEventListener("dragleave", () => root.classList.remove("dropping"));
  root.addEventListener("drop", (event) => {
    root.classList.remove("dropping");
    if (!event.dataTransfer || !hasFiles(event)) return;
    event.preventDefault();
    onFiles(event.dataTransfer.files);
  });
}
