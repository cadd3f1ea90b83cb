// Runs before the first paint, so that a chosen theme never flashes the other one. Everything else waits for main.js.
try {
  const theme = JSON.parse(localStorage.getItem("stepscope") ?? "{}").theme;
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is switched off: the system's theme is right.
}
