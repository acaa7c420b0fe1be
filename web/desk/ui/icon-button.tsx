import { Button, Tooltip, TooltipTrigger, type ButtonProps } from "react-aria-components";
import { Icon, type IconName } from "./icon.tsx";

/** A button with a picture; its name is told to readers and shown on hover and focus. */
export function IconButton({ icon, label, keys, className = "", ...rest }: { icon: IconName; label: string; keys?: string; className?: string } & Omit<ButtonProps, "children" | "className">) {
  return (
    <TooltipTrigger delay={400} closeDelay={0}>
      <Button {...rest} aria-label={label} className={`icon-button ${className}`}>
        <Icon name={icon} />
      </Button>
      <Tooltip className="tooltip" offset={6}>{label}{keys ? <kbd>{keys}</kbd> : null}</Tooltip>
    </TooltipTrigger>
  );
}
