// Links inside the pages' own HTML change the page within the session, as the bar at the top does, and in no new window.
// Back and forward lead to what the address says; Streamlit alone would open the page without the state that stands there.
let waiting = 0;
let send; // the newest way to tell the server: this module's function runs anew with every drawing of the page
let settled = false; // the address is what it shall be: what follows from the last step makes no further ones

export default function ({ setTriggerValue }) {
  const push = history.pushState;
  send = setTriggerValue;
  const go = (url) => send("go", { page: url.pathname.split("/").pop(), query: [...url.searchParams] });
  const follow = (event) => {
    const link = event.composedPath().find((one) => one.tagName === "A" && one.href);
    if (!link || link.target || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!link.closest(".stHtml") && !link.classList.contains("pt-go")) return;
    if (link.getAttribute("href").startsWith("#")) return;
    const url = new URL(link.href);
    if (url.origin !== window.location.origin) return;
    event.preventDefault();
    push.call(history, {}, "", url); // one step, whatever addresses Streamlit passes on its way
    settled = true;
    go(url);
  };
  const returned = (event) => {
    event.stopImmediatePropagation();
    settled = true;
    arrive(new URL(window.location.href), 150);
  };
  const arrive = (url, pause, tries = 50) => { // the last of several quick steps counts, and Streamlit must have drawn the one before
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const isBusy = document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "running";
      if (isBusy && tries) arrive(url, 100, tries - 1);
      else go(url);
    }, pause);
  };
  const acted = () => { settled = false; };
  history.pushState = (...step) => (settled ? history.replaceState(...step) : push.apply(history, step));
  document.addEventListener("click", follow, true);
  window.addEventListener("popstate", returned, true);
  for (const act of ["pointerdown", "keydown"]) window.addEventListener(act, acted, true);
  const words = watchWords();
  return () => {
    history.pushState = push;
    document.removeEventListener("click", follow, true);
    window.removeEventListener("popstate", returned, true);
    for (const act of ["pointerdown", "keydown"]) window.removeEventListener(act, acted, true);
    words.disconnect();
  };
}
