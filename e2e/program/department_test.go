package program

import "testing"

// Departments are made on the command line beside a running server, and a
// handover is told at once how things stand there.
func TestDepartments(t *testing.T) {
	t.Parallel()
	s := start(t)
	shop := s.scripted(object{"desk": true})
	handover := func(want string) {
		t.Helper()
		told := shop.call(200, "POST", shop.at(shop.open(nil), "/handover"), nil)
		same(t, "status", text(told.body, "handover", "status"), want)
	}
	handover("no_agents") // nobody has an account
	bob := s.ask("agent", "invite", "--email", "bob@example.com")
	made := s.ask("department", "create", "--name", "Night", "--default", "--agent", text(bob, "email"), "--hours", `{"time_zone":"UTC"}`)
	same(t, "name", text(made, "name"), "Night")
	handover("outside_hours") // hours without an opening
	same(t, "departments", len(s.ask("department", "list").([]any)), 1)
	for _, refused := range [][]string{
		{"create", "--name", "night"},
		{"create", "--name", "Day", "--hours", `{"zone":"UTC"}`},
		{"create", "--name", "Day", "--agent", "eve@example.com"},
		{"create", "--name", "Day", "--integration", "none"},
		{"delete", "Day"},
	} {
		if r := parley(t, append(append([]string{"department"}, refused...), "--data", s.dir)...); r.code != 1 || r.err == "" {
			t.Errorf("%v: exit code %d, %q", refused, r.code, r.err)
		}
	}
	same(t, "deleted", text(s.ask("department", "delete", "NIGHT"), "id"), text(made, "id"))
	handover("no_agents")
}
