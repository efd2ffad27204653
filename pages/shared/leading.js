// Links inside the pages' own HTML change the page within the session, as the bar at the top does, and in no new window.
export default function ({ setTriggerValue }) {
  const follow = (event) => {
    const link = event.composedPath().find((one) => one.tagName === "A" && one.href);
    if (!link || link.target || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!link.closest(".stHtml") && !link.classList.contains("pt-go")) return;
    if (link.getAttribute("href").startsWith("#")) return;
    const url = new URL(link.href);
    if (url.origin !== window.location.origin) return;
    event.preventDefault();
    setTriggerValue("go", { page: url.pathname.split("/").pop(), query: [...url.searchParams] });
  };
  document.addEventListener("click", follow, true);
  const words = watchWords();
  return () => { document.removeEventListener("click", follow, true); words.disconnect(); };
}
