require: all.sc
    module = sys.zb-common
require: common.js
    module = sys.zb-common
require: patterns.sc
    module = sys.zb-common
require: floatNumber/floatNumber.sc
    module = sys.zb-common
require: city/city.sc
    module = sys.zb-common
require: name/name.sc
    module = sys.zb-common
require: language/language.sc
    module = sys.zb-common
require: color/color.sc
    module = sys.zb-common
require: newSessionOnStart/newSession.sc
    module = sys.zb-common
require: reset/reset.sc
    module = sys.zb-common
require: slotfilling/slotFilling.sc
    module = sys.zb-common
require: email/email.sc
    module = sys.zb-common

theme: /

    state: Welcome
        q!: $hello
        a: Чем помочь?

        state: Agree
            q: $agree
            a: Начнём.

        state: Disagree
            q: $disagree
            a: До встречи.

    state: Order
        q!: * (заказ*|куп*) * $Number *
        a: {{ $parseTree._Number }} шт.
        go!: /Order/Phone

        state: Phone
            a: Ваш телефон?

            state: Known
                q: * $mobilePhoneNumber *
                a: Позвоним на {{ $parseTree._mobilePhoneNumber }}.

    state: Operator
        q!: $switchToOperator
        a: Соединяю.

    state: Travel
        q!: * (едем|поездка|рейс) * $City *
        a: {{ $parseTree._City.name }}

    state: Sum
        q!: сколько будет $MathExpression
        a: {{ $parseTree._MathExpression }}

    state: CatchAll
        q!: $catchAll
        a: Не понимаю.
