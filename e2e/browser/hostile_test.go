package browser

import "testing"

// Names, messages, links, file names, context values, labels, canned replies,
// departments, views and notes that are made of markup stay text on the desk.
func TestDesk_RunsNoScriptOfOthers(t *testing.T) {
	t.Parallel()
	s := serve(t)
	made := s.site(object{"bot_url": hostile(t).URL, "bot_secret": botSecret, "desk": true, "web": object{
		"required_fields": []string{"display_name"}, "file_upload": true,
	}})
	drive(t, "hostile", "desk", object{
		"base": s.base, "integration": made.ID, "key": made.Key, "link": s.said(firstLink)[1],
		"script": `<img src=x onerror="top.bad=1"><script>top.bad=1</script>`,
	})
}
