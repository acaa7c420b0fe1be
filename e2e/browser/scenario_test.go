package browser

import (
	"regexp"
	"testing"
)

var (
	firstLink        = regexp.MustCompile(`(http\S+/desk/invitations/\S+)`)
	firstIntegration = regexp.MustCompile(`Integration: (\S+)\nAPI key: +(\S+)`)
)

// A visitor on a page with the widget and two agents at the desk: the bot
// answers, a person is asked for, nobody is there, somebody comes; both claim;
// notes, canned replies, files, transfer, return, resolve, survey and reopen.
func TestScenario_VisitorAndTwoAgents(t *testing.T) {
	t.Parallel()
	drive(t, "scenario", "product", serve(t, "--demo").demo())
}

// demo is what a script needs of a server that runs the demo: the link of the
// first admin, the integration and its key.
func (s *server) demo() object {
	s.t.Helper()
	made := s.said(firstIntegration)
	return object{"base": s.base, "link": s.said(firstLink)[1], "integration": made[1], "key": made[2]}
}

// The same while the lines of everybody are cut at least 50 times at random:
// nobody misses a message, sees one twice or sees it in another place than the
// others and the transcript, and nothing has to be done again that the page has
// not told to have failed.
func TestGuarantee21And22_NothingIsLostOrDoubledBy50Cuts(t *testing.T) {
	t.Parallel()
	given := serve(t, "--demo").demo()
	given["cuts"] = 50
	drive(t, "scenario", "product", given)
}
