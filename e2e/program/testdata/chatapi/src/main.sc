theme: /

    state: Start
        q!: /start
        a: Welcome.
        a: What would you like?
        buttons:
            "Pizza" -> /Pizza
            "Pasta" -> /Pasta
        image: https://shop.example/menu.png

    state: Pizza
        script:
            $session.dish = "pizza";
        a: One pizza.

    state: Pasta
        script:
            $session.dish = "pasta";
        a: One pasta.

    state: Dish
        q!: what did i order
        a: {{ $session.dish || "nothing" }}

    state: Paid
        event!: paid
        a: {{ $request.data.amount }} paid for {{ $session.dish }}.

    state: Anew
        q!: anew
        a: Goodbye.
        script:
            $reactions.newSession({message: "what did i order", data: {}});

    state: Stop
        q!: stop
        script:
            $jsapi.stopSession();
        a: Goodbye.

    state: Later
        q!: later
        script:
            $reactions.timeout({interval: "60 seconds", targetState: "/Late"});
        a: I will ask again.

    state: Late
        a: Are you still there?

    state: Request
        q!: request
        script:
            var r = $request;
            $reactions.answer(JSON.stringify({
                channelType: r.channelType, channelUserId: r.channelUserId, userFrom: r.userFrom, rawRequest: r.rawRequest,
                questionId: r.questionId, data: r.data, livechatStatus: r.data.livechatStatus
            }));

    state: Echo
        event!: noMatch
        a: You said: {{ $request.query }}
