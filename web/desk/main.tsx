import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import "./style/desk.css";

createRoot(document.getElementById("desk")!).render(<App />);
