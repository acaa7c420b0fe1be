package rest

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"parley/internal/session"
)

// webConfiguration is contract a.13: what the widget needs before it starts.
func webConfiguration(c *call) (answer, error) {
	in, err := c.integration()
	if err != nil {
		return answer{}, err
	}
	page := webDefaults()
	maps.Copy(page, in.Settings.Web)
	if page["name"] == "" {
		page["name"] = in.Name
	}
	page["request_id"] = c.id.String()
	page["session_timeout"] = in.Settings.SessionTimeout.Seconds()
	page["domains"] = domains(in)
	return answer{status: http.StatusOK, body: encode(page), header: sharing(in, c.r.Header.Get("Origin"))}, nil
}

// webPreflight answers a browser that asks first.
func webPreflight(c *call) (answer, error) {
	in, err := c.integration()
	if err != nil {
		return answer{}, err
	}
	h := sharing(in, c.r.Header.Get("Origin"))
	if h.Get("Access-Control-Allow-Origin") != "" {
		h.Set("Access-Control-Allow-Methods", http.MethodGet)
		h.Set("Access-Control-Allow-Headers", c.r.Header.Get("Access-Control-Request-Headers"))
		h.Set("Access-Control-Max-Age", "600")
	}
	return answer{status: http.StatusNoContent, header: h}, nil
}

func (c *call) integration() (*session.Integration, error) {
	in, ok := c.face.cfg.Directory.Integration(c.r.PathValue("integration_id"))
	if !ok || !in.Active {
		return nil, &session.Error{Code: session.CodeIntegrationNotFound, Message: "no such integration"}
	}
	return in, nil
}

// webDefaults holds the documented keys with neutral values; the integration's
// own settings replace them.
func webDefaults() map[string]any {
	return map[string]any{
		"name": "", "avatar": "", "header_title": "", "icon_size": "medium", "window_size": "medium",
		"show_powered_by": true, "accent_color": "#1B5CFF", "background_color": "#FFFFFF",
		"welcome_message": "", "welcome_trigger_message": session.DefaultWelcomeTrigger,
		"optional_fields": []string{}, "required_fields": []string{},
		"theme": "auto", "widget_position": "right", "widget_alignment": "right", "focus_trap": false, "auto_open": false,
		"sticky_session": true, "bubble_image": "", "language": "auto", "show_survey": false,
		"waiting_time_threshold": 0, "external_urls_limit": 0, "file_upload": false, "rate_responses": false,
	}
}

func domains(in *session.Integration) []string {
	if in.Settings.Domains == nil {
		return []string{}
	}
	return in.Settings.Domains
}

// sharing returns the CORS headers: open to all without a list of domains,
// otherwise only to those on it.
func sharing(in *session.Integration, origin string) http.Header {
	if len(in.Settings.Domains) == 0 {
		return http.Header{"Access-Control-Allow-Origin": {"*"}}
	}
	h := http.Header{"Vary": {"Origin"}}
	if trusts(in.Settings.Domains, origin) {
		h.Set("Access-Control-Allow-Origin", origin)
	}
	return h
}

// trusts reports whether an origin is on the list, by host or as a whole.
func trusts(domains []string, origin string) bool {
	_, host, ok := strings.Cut(origin, "://")
	return ok && slices.ContainsFunc(domains, func(d string) bool {
		return strings.EqualFold(d, host) || strings.EqualFold(d, origin)
	})
}
