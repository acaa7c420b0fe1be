require: address/address.sc
    module = sys.zb-common
require: email/email.sc
    module = sys.zfl-common

theme: /

    state: Address
        q!: * $Address *
        a: {{ $parseTree._Address }}

    state: Mail
        q!: * $Email *
        a: {{ $parseTree._Email }}

    state: CatchAll
        q!: *
        a: nothing
