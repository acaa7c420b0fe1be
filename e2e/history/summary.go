package history

import "fmt"

// String says how much a run was.
func (h *History) String() string {
	done := map[Kind]int{}
	refused := map[string]int{}
	unknown := 0
	for _, c := range h.Calls {
		switch c.Outcome {
		case Done:
			done[c.Kind]++
		case Refused:
			refused[string(c.Kind)+" "+c.Code]++
		default:
			unknown++
		}
	}
	outcomes, reasons := map[string]int{}, map[string]int{}
	for _, m := range h.Facts.Messages {
		if m.User() {
			outcomes[m.Outcome]++
		}
	}
	for _, s := range h.Facts.Sessions {
		reasons[s.Reason]++
	}
	seen, nodes := 0, map[string]bool{}
	for _, s := range h.Stays {
		seen += len(s.Seen)
	}
	for _, t := range h.Turns {
		nodes[t.Node] = true
	}
	return fmt.Sprintf("%d calls, done %v, refused %v, without an answer %d\nmessages %v, ends of sessions %v\n"+
		"%d sessions, %d messages, %d events, %d turns of %d processes, %d webhooks, %d stays with %d events, lag %d ms",
		len(h.Calls), done, refused, unknown, outcomes, reasons, len(h.Facts.Sessions), len(h.Facts.Messages), len(h.Facts.Events),
		len(h.Turns), len(nodes), len(h.Hooks), len(h.Stays), seen, h.SlackMs)
}
