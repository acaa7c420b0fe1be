import { createRoot } from "react-dom/client";
import { Markdown } from "../shared/markdown.tsx";

createRoot(document.getElementById("chat")!).render(<Markdown text="**Parley**" />);
