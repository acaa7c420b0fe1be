package browser

import "testing"

// A visitor and two agents go the main path of the product by keys alone, and
// whatever has the focus on the way shows it.
func TestKeyboard_GoesTheWholeWay(t *testing.T) {
	t.Parallel()
	drive(t, "keyboard", "main", serve(t, "--demo").demo())
}
