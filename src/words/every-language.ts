import { MESSAGES } from "../made/messages.js";
import { addMessages } from "./messages.js";

// For everything that is worded at once in any language, such as the errors of a program. A web page loads only the languages it shows.
addMessages(MESSAGES);
