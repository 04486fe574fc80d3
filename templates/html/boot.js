// Runs before anything is drawn: with scripts, one section is shown at a time.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const theme = localStorage.getItem("schemagen-theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch {
    // Storage may be closed to files; the system's colours it is.
  }
})();
