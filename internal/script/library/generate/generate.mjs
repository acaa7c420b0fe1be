// Makes the dictionaries (csv) of the library: npm ci && npm run generate.
import { places } from "./places.mjs";
import { terms } from "./terms.mjs";

places();
terms();
