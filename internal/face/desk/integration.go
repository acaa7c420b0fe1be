package desk

import (
	"cmp"
	"slices"
)

type integrationBody struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// listIntegrations returns those that have a desk.
func listIntegrations(c *call) (answer, error) {
	shown := []integrationBody{}
	for _, in := range c.face.cfg.Directory.Integrations() {
		if in.Settings.Desk && in.Active {
			shown = append(shown, integrationBody{in.ID, in.Name})
		}
	}
	slices.SortFunc(shown, func(a, b integrationBody) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return ok(map[string]any{"integrations": shown})
}

// listStates returns where a conversation may be returned to.
func listStates(c *call) (answer, error) {
	in, known := c.face.cfg.Directory.Integration(c.r.PathValue("integration_id"))
	if !known || !in.Settings.Desk {
		return answer{}, gone("integration")
	}
	return ok(map[string]any{"states": list(c.face.cfg.States(in))})
}
