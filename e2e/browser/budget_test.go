package browser

import "testing"

// Guarantees 3.2, size: what a visitor's browser loads, that the customer's
// page does not move, and that nobody but the server is asked for anything.
func TestBudget_Widget(t *testing.T) {
	t.Parallel()
	drive(t, "budget", "widget", serve(t, "--demo").demo())
}

// The desk's first page: scripts may weigh a tenth more than they did when the
// budget was set (186 KiB). What only some pages need is loaded with them. A
// shift of 0.1 counts as good elsewhere; this page knows the height of its rows.
func TestBudget_Desk(t *testing.T) {
	t.Parallel()
	given := serve(t, "--demo").demo()
	given["scripts"], given["styles"], given["shift"] = 205, 8, 0.01
	drive(t, "budget", "desk", given)
}

// What is loaded late may fail late: the desk stays, and says what is missing.
func TestDesk_StaysWhenAPartCannotBeLoaded(t *testing.T) {
	t.Parallel()
	drive(t, "budget", "broken", serve(t, "--demo").demo())
}
