package browser

import "testing"

// axe finds no violation of WCAG 2.2 AA on any page of the desk, with its menus
// and dialogs, light and dark, and at 320 px, where nothing is cut off.
func TestAxe_Desk(t *testing.T) {
	t.Parallel()
	drive(t, "axe", "desk", serve(t, "--demo").demo())
}

// The same of the widget: launcher, form, options, carousel, menu, survey.
func TestAxe_Widget(t *testing.T) {
	t.Parallel()
	s := serve(t)
	made := s.site(object{"bot_url": rich(t).URL, "bot_secret": botSecret, "desk": true, "web": object{
		"required_fields": []string{"display_name"}, "optional_fields": []string{"email"}, "show_survey": true, "file_upload": true, "rate_responses": true,
	}})
	drive(t, "axe", "widget", object{"base": s.base, "integration": made.ID, "key": made.Key})
}
