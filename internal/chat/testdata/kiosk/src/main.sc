theme: /

    state: Start
        q!: $regex</start>
        q!: hello *
        image: https://example.com/door.png
        a: Welcome to the kiosk.
        buttons:
            "Buy a ticket" -> /Ticket
            "Where are you?"

    state: Ticket
        q!: * ticket *
        script:
            $session.tickets = ($session.tickets || 0) + 1;
            $client.name = "Ada";
        a: Which day?
        timeout: /Ticket/Late || interval = "10 minutes"

        state: Day
            q: (today/tomorrow)
            a: One ticket for {{$request.query}}.
            script:
                $pushgate.createEvent($jsapi.dateForZone("UTC", "yyyy-MM-dd") + "T18:00:00", "reminder", {seat: 5});

        state: Late
            a: Are you still there?

    state: Reminder
        event!: reminder
        a: The show begins. Seat {{$request.data.eventData.seat}}.

    state: Links
        q!: links
        inlineButtons:
            {text: "Site", url: "https://example.com"}

    state: Person
        q!: * person *
        a: Good day, {{$request.userFrom.firstName}}.

    state: Bye
        q!: bye
        script:
            $jsapi.stopSession();
        a: Goodbye.

    state: Broken
        q!: break
        script:
            var nothing;
            nothing.here();

    state: Operator
        q!: operator
        script:
            $response.replies.push({type: "switch", destination: "sales"});

    state: Nobody
        event!: noLivechatOperatorsOnline
        a: Nobody is here now.

    state: CatchAll || noContext = true
        event!: noMatch
        a: Pardon?
