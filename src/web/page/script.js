// Shows the page anew with each event of the live stream, instead of loading it anew. Without this script, or where the
// stream is refused, the header Refresh loads the page.
"use strict";
(() => {
    const REFRESH_MS = 15000;
    const source = new EventSource("/api/v1/live/stream");
    let isStreaming = false;
    let isUpdating = false;
    let updatedAt = Date.now();

    const openDetails = () => [...document.querySelectorAll("details")].map((it) => it.open);

    function show(text) {
        const next = new DOMParser().parseFromString(text, "text/html");
        if (!next.querySelector("main")) throw new Error("not the page");
        const open = openDetails();
        document.title = next.title;
        document.querySelector("link[rel=icon]").replaceWith(next.querySelector("link[rel=icon]"));
        document.body.replaceChildren(...next.body.children);
        document.querySelectorAll("details").forEach((it, index) => (it.open = open[index] ?? it.open));
    }

    function tell(problem) {
        document.querySelector("#not-updated")?.remove();
        if (!problem) return;
        const notice = document.createElement("p");
        notice.id = "not-updated";
        notice.className = "notice";
        notice.setAttribute("role", "alert");
        notice.textContent = `Not updated since ${new Date(updatedAt).toISOString().slice(11, 19)} UTC: ${problem}`;
        document.querySelector("main").prepend(notice);
    }

    async function update() {
        // Whoever is typing goes on typing.
        if (isUpdating || document.activeElement?.matches("input")) return;
        isUpdating = true;
        try {
            const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
            show(await answer.text());
            updatedAt = Date.now();
            tell(null);
        } catch (error) {
            tell("the service does not answer.");
        } finally {
            isUpdating = false;
        }
    }

    function changed() {
        if (isStreaming) {
            update();
            return;
        }
        // The first event is what the page shows. From here on nothing needs to be loaded anew.
        isStreaming = true;
        window.stop();
        // A feed that stands still makes no event, but is seen on the page.
        setInterval(() => Date.now() - updatedAt >= REFRESH_MS && update(), 1000);
    }

    source.addEventListener("snapshot", changed);
    source.addEventListener("cycle", changed);
    // The page goes on being updated by its clock.
    source.addEventListener("error", () => isStreaming && update());
})();
