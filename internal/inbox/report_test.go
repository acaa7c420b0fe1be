package inbox

import (
	"encoding/json"
	"testing"
)

func TestReport_Figures(t *testing.T) {
	from := 1000 * hour
	g := figures{period: Period{FromMs: from, ToMs: from + 24*hour}}
	for i := range int64(10) { // answered after 1 … 10 s in the first hour
		g.add(Fact{OpenedMs: from + 1, QueuedMs: from + 10, AnsweredMs: from + 10 + (i+1)*1000, ClosedMs: from + hour, Human: true, RatedMs: from + hour, Rating: 4 + int(i%2)})
	}
	g.add(Fact{OpenedMs: from - 1, ClosedMs: from + 5*hour + 7})                           // of the bot alone, begun before
	g.add(Fact{OpenedMs: from + 2*hour, QueuedMs: from + 2*hour, ClosedMs: from + 3*hour}) // nobody came
	g.add(Fact{OpenedMs: from + 23*hour, QueuedMs: from + 23*hour, AnsweredMs: from + 24*hour, ClosedMs: from + 25*hour, Human: true, RatedMs: from + 25*hour, Rating: 1})
	r := g.report()
	raw, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"waiting_now":0,"open_now":0,"bot_now":0,` +
		`"answered_in":{"median_ms":5000,"p90_ms":9000,"by_hour":[{"at":3600000000,"median_ms":5000,"count":10}]},` +
		`"resolved":{"bot":1,"human":10,"unanswered":1,"by_hour":[{"at":3603600000,"bot":0,"human":10,"unanswered":0},` +
		`{"at":3610800000,"bot":0,"human":0,"unanswered":1},{"at":3618000000,"bot":1,"human":0,"unanswered":0}]},` +
		`"csat":{"average":4.5,"count":10,"scores":{"1":0,"2":0,"3":0,"4":5,"5":5}},` +
		`"started_by_hour":[{"at":3600000000,"count":10},{"at":3607200000,"count":1},{"at":3682800000,"count":1}]}`
	if string(raw) != want {
		t.Errorf("got  %s\nwant %s", raw, want)
	}
	if empty := (&figures{}).report(); empty.AnsweredIn.MedianMs != 0 || empty.CSAT.Average != 0 || empty.Started == nil {
		t.Errorf("%+v", empty)
	}
}

func TestPeriod_Refusals(t *testing.T) {
	for _, p := range []Period{{}, {FromMs: 5, ToMs: 5}, {FromMs: -1, ToMs: 5}, {FromMs: 1, ToMs: 2 + MaxReport.Milliseconds()}} {
		if p.Check() == nil {
			t.Errorf("%+v was taken", p)
		}
	}
}
