package browser

import "testing"

// An admin sets up the desk: second factor, an agent by invitation, a
// department with hours, a canned reply; reads the log and the reports. The
// agent sees neither, and masked fields as stars.
func TestOffice_SettingsAndReports(t *testing.T) {
	t.Parallel()
	drive(t, "office", "setUp", serve(t, "--demo").demo())
}

// The context is edited by its kind and not over what nobody saw; search opens
// the thread at the message; a person is erased with proof.
func TestOffice_PanelAndSearch(t *testing.T) {
	t.Parallel()
	drive(t, "office", "know", serve(t, "--demo").demo())
}

// Guarantees 3.1, shortcuts: by physical key, to be changed and switched off.
func TestOffice_Keys(t *testing.T) {
	t.Parallel()
	drive(t, "office", "keys", serve(t, "--demo").demo())
}
