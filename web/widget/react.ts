// What the shared elements take from React, given by Preact without its compatibility layer.
export { Fragment } from "preact";
export { useEffect, useLayoutEffect, useMemo, useRef, useState, useCallback } from "preact/hooks";
