package script

import "cmp"

// taken are the parts of a pass that moved to its scripts, because they looked at
// them or replaced them. What did not is as the Go side has it, and a turn whose
// scripts look at little need not ask.
type taken struct{ session, client, request, temp, response, tree bool }

// take moves a part to the scripts and returns it as JSON, "" where they make it
// themselves.
func (p *pass) take(name string) string {
	switch name {
	case "session":
		p.taken.session = true
		return cmp.Or(p.session, "{}")
	case "client":
		p.taken.client = true
		return cmp.Or(p.client, "{}")
	case "request":
		p.taken.request = true
		return p.request.full
	case "response":
		p.taken.response = true
		said := p.said
		p.said = answers{}
		if said.Replies == nil {
			said.Replies = []reply{}
		}
		return marshal(said)
	case "temp":
		p.taken.temp = true
	default: // of what matched
		p.taken.tree = true
	}
	return ""
}
