theme: /

    state: Rules || noContext = true, sessionResult = "rules read"
        q!: rules
        a: Be kind.
            Be brief.

    state: Rates
        q!: rate of $regexp<[A-Z]{3}>::code
        HttpRequest:
            url = https://rates.example/v1/{{ $parseTree._code }}
            method = GET
            dataType = json
            vars = [{"name": "rate", "value": "$httpResponse.rate"}]
            okState = ./Ok
            errorState = ./Error

        state: Ok
            a: {{ $session.rate }}

        state: Error
            a: No rate: {{ $httpStatus }}.

    state: Feedback
        q!: feedback
        Rating:
            question = How was it, 1 to 5?
            okState = ./Thanks

        state: Thanks
            a: Thank you for {{ $session.rating }}.

    state: Phone
        q!: phone
        InputPhoneNumber:
            prompt = Your number?
            varName = phone
            failureMessage = That is no number.
            then = ./Done

        state: Done
            a: {{ $session.phone }}

    state: Offer
        q!: offer
        random:
            a: Tea is cheap today.
            a: Coffee is strong today.
        buttons:
            "Rules" -> /Rules
            {text: "Send my contact", request_contact: true}
        inlineButtons:
            {text: "The shop", url: "https://shop.example"}
        image: https://shop.example/tea.png
        timeout: /Late || interval = 1 min 30 sec

    state: Late
        go!: /Offer

    state: NewTag
        q!: once more
        newSession:
            message = rules
            data = {"from": "NewTag"}
