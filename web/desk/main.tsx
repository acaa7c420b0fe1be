import { createRoot } from "react-dom/client";
createRoot(document.getElementById("desk")!).render(<p>Parley</p>);
