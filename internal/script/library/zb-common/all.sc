# The old bundle of entities; require the single files instead.

require: text/text.sc
require: number/number.sc
require: dateTime/dateTime.sc
require: address/address.sc
require: phoneNumber/phoneNumber.sc
require: currency/currency.sc
