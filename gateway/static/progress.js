// Keeps a page of something in progress up to date, by fetching it again.
import { follow } from "./following.js";
import { refresh, whileHidden } from "./refreshing.js";

void follow({ look: refresh, hidden: () => document.hidden, wait: whileHidden });
