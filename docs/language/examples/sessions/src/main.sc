require: timing.js

theme: /

    state: Begin
        q!: begin
        script:
            $session.note = "old";
            $client.visits = ($client.visits || 0) + 1;
            $temp.before = $request.data.chatId;
            $jsapi.startSession();
            $session.note2 = "new";
        a: {{ $session.note || "nothing" }}, {{ $session.note2 }}, visit {{ $client.visits }}.

    state: End
        q!: end
        script:
            $session.basket = ["tea"];
            $jsapi.stopSession();
            $session.last = "tea";
        a: Bye. Your next message opens a new session.

        state: After
            q: again
            a: {{ $session.basket ? "The basket is full" : "The basket is empty" }}, the last was {{ $session.last }}.

    # The request is answered again, as the first of a new session.
    state: Restart
        q!: restart with * $rest
        a: One moment.
        script:
            $reactions.newSession({message: $parseTree._rest, data: {from: "Restart"}});
            $reactions.answer("This is never said.");

    state: Tea
        q!: tea
        a: Tea{{ $request.data.from ? " after " + $request.data.from : "" }}.

    # An event outranks a text: without this line the event would win again, for ever.
    state: Switched
        event!: deviceOn
        script:
            $request.event = null;
            $request.query = "tea";
            $reactions.newSession({request: $request});

    state: Loop
        event!: loop
        script: $reactions.newSession({message: "tea"});

    # newSession leaves by an interrupt: neither catch nor finally sees it.
    state: Caught
        q!: caught
        script:
            try {
                $reactions.newSession({message: "tea"});
            } catch (e) {
                $client.caught = true;
            } finally {
                $client.last = true;
            }

    state: Traces
        q!: traces
        a: {{ $client.caught || $client.last ? "seen" : "unseen" }}

    state: Wait
        q!: wait
        a: I wait.
        timeout: ./Late || interval = 5 minutes

        state: Late
            a: Are you still there?

patterns:
    $rest = $nonEmptyGarbage
