package session

import (
	"encoding/json"
	"slices"
	"unicode/utf8"
)

// checkWeb refuses documented keys of the web configuration (contract a.13)
// that no widget could use. Further keys are the customer's own.
func (s *Settings) checkWeb() error {
	for key, value := range s.Web {
		field := "web." + key
		if text, ok := value.(string); ok && utf8.RuneCountInString(text) > MaxWebTextChars {
			return Invalid(field, "longer than %d characters", MaxWebTextChars)
		}
		if err := checkWebValue(field, key, value); err != nil {
			return err
		}
	}
	return nil
}

func checkWebValue(field, key string, value any) error {
	switch key {
	case "name", "avatar", "header_title", "icon_size", "window_size", "welcome_message", "welcome_trigger_message", "theme",
		"widget_position", "widget_alignment", "bubble_image", "language":
		if _, ok := value.(string); !ok {
			return Invalid(field, "must be a string")
		}
	case "accent_color", "background_color":
		if text, ok := value.(string); !ok || !isColor(text) {
			return Invalid(field, "must be a colour such as #1B5CFF")
		}
	case "show_powered_by", "focus_trap", "auto_open", "sticky_session", "show_survey", "file_upload", "rate_responses":
		if _, ok := value.(bool); !ok {
			return Invalid(field, "must be true or false")
		}
	case "waiting_time_threshold", "external_urls_limit":
		if !isCount(value) {
			return Invalid(field, "must be a whole number, 0 or more")
		}
	case "optional_fields", "required_fields":
		return checkFields(field, value)
	case "session_timeout", "domains", "request_id":
		return Invalid(field, "is not set here: it is a setting of the integration itself, or made by the server")
	}
	return nil
}

func checkFields(field string, value any) error {
	list, ok := value.([]any)
	if !ok || len(list) > MaxWebFields {
		return Invalid(field, "must be an array of at most %d names", MaxWebFields)
	}
	for _, item := range list {
		if name, ok := item.(string); !ok || name == "" {
			return Invalid(field, "must hold names of fields")
		}
	}
	return nil
}

// isColor: three or six hexadecimal digits after a #.
func isColor(text string) bool {
	if len(text) != 4 && len(text) != 7 || text[0] != '#' {
		return false
	}
	return !slices.ContainsFunc([]byte(text[1:]), func(b byte) bool {
		return (b < '0' || b > '9') && (b|0x20 < 'a' || b|0x20 > 'f')
	})
}

// isCount: settings come from JSON, as a float64 or a number's text.
func isCount(value any) bool {
	switch n := value.(type) {
	case float64:
		return n >= 0 && n <= 1e9 && n == float64(int64(n))
	case json.Number:
		i, err := n.Int64()
		return err == nil && i >= 0
	case int:
		return n >= 0
	}
	return false
}
