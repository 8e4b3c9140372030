/** The page begins here: theme, token, stream, keys, then the first drawing. */
import "./theme.css";
import "./base.css";
import "./layout.css";
import "./parts/parts.css";
import { options, render } from "preact";
import { apiWith } from "./api/client";
import { forgetToken, onNewToken, takeToken } from "./api/token";
import { takeKeys } from "./keys";
import { Follower } from "./live/follower";
import { openLink } from "./live/link";
import { runClock } from "./now";
import { takeLinks } from "./router";
import { sayChanges } from "./shell/announcements";
import { Shell } from "./shell/Shell";
import { connect, store } from "./store";
import { loadTheme } from "./theme";

const UNSEEN = 1_000;

function follow(token: string): void {
  const api = apiWith(token, () => store.refuse());
  const follower = new Follower({ store, api, open: (tell) => openLink(token, tell) });
  connect(api, () => follower.retry());
  store.connection.subscribe((connection) => {
    if (connection.state !== "refused") return;
    follower.stop();
    if (forgetToken(token)) location.reload();
  });
  follower.start();
  // What was waiting for the network, or for somebody to look, need not wait any longer.
  addEventListener("online", () => follower.retry());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && !store.isLive.value) follower.retry();
  });
}

/** Draw at most once a frame, however fast news comes; a page that nobody sees, once a second. */
function drawByFrames(): void {
  options.debounceRendering = (draw) => {
    if (document.hidden) setTimeout(draw, UNSEEN);
    else requestAnimationFrame(draw);
  };
}

function begin(): void {
  drawByFrames();
  loadTheme();
  takeLinks();
  takeKeys();
  runClock();
  sayChanges(store);
  // A token of the next start: in this tab's address, or found by another tab while this one has none that is good.
  onNewToken(() => {
    if (location.hash !== "" || store.connection.value.state === "refused") location.reload();
  });
  const token = takeToken();
  if (token === null) store.refuse();
  else follow(token);
  const root = document.getElementById("app");
  if (root !== null) render(<Shell />, root);
}

begin();
