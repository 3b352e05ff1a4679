// What script adds to pages that already work without it. Each part finds its own marks in the page.
import { startAutosave } from "./parts/autosave.js";
import { startDialogs } from "./parts/dialogs.js";
import { startForms } from "./parts/forms.js";
import { startSession } from "./parts/session.js";

startForms();
startDialogs();
startAutosave();
startSession();
