# Whole numbers in digits and in Russian and English words, cardinal and ordinal.
# The value of every pattern is an integer.

require: ../common.js
require: numberConverter.js
require: units.csv
    name = NumberUnitWords
    strict = true
require: teens.csv
    name = NumberTeenWords
    strict = true
require: dozens.csv
    name = NumberDozenWords
    strict = true
require: hundreds.csv
    name = NumberHundredWords
    strict = true

patterns:
    # digits
    $NumberDigit = $regexp<\d+> || converter = $converters.numberConverterDigit
    $NumberCommaSeparated = ($regexp<\d{1,3}([.,]\d{3})+>|$regexp<\d{1,3}( \d{3})* 000>) || converter = $converters.numberConverterDigit
    $NumberDotZero = $regexp<\d+[.,]0{1,2}> || converter = $converters.numberConverterDigit
    $NumberOrdinalDigit = $regexp_i<\d+-?(й|я|е|ый|ой|ая|ое|ую|го|ого|му|ому|м|ым|ом|х|ых|st|nd|rd|th)> || converter = $converters.numberConverterDigit
    $NumberShort = $regexp_i<\d+(к|k|тыс|млн|млрд|bn)> || converter = $converters.numberConverterShort
    $NumberNumeric = ($NumberCommaSeparated|$NumberDotZero|$NumberDigit) || converter = $converters.numberSimpleConverter

    $Minus = (минус|minus|negative|$regexp<[-−–]>)

    # words below a thousand
    $NumberZero = (ноль|нуль|ноля|нуля|нулю|нолю|нулем|нолем|нулевой|нулевая|нулевое|нулевого|нулевую|zero|zeroth):0 || converter = $converters.numberConverterValue
    $NumberOneDigitNatural = $entity<NumberUnitWords> || converter = $converters.numberSimpleConverter
    $NumberOneDigit = ($NumberZero|$NumberOneDigitNatural) || converter = $converters.numberSimpleConverter
    $NumberTwoDigit = $entity<NumberTeenWords> || converter = $converters.numberSimpleConverter
    $NumberDozenWithDash = $regexp_i<(twen|thir|for|fif|six|seven|eigh|nine)ty-(one|two|three|four|five|six|seven|eight|nine|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)> || converter = $converters.numberConverterDozenDash
    $NumberDozen = ($NumberDozenWithDash|$entity<NumberDozenWords> [$NumberOneDigitNatural]) || converter = $converters.numberConverterSum
    $NumberHundredComplex = [a|$NumberOneDigitNatural] (hundred|hundreds|hundredth):100 || converter = $converters.numberConverterMultiply
    $NumberHundred = ($entity<NumberHundredWords>|$NumberHundredComplex [and]) [$NumberDozen|$NumberTwoDigit|$NumberOneDigitNatural] || converter = $converters.numberConverterSum
    $NumberSimpleNoZero = ($NumberDozen|$NumberTwoDigit|$NumberOneDigitNatural) || converter = $converters.numberSimpleConverter
    $NumberSimple = ($NumberSimpleNoZero|$NumberZero|$NumberDigit) || converter = $converters.numberSimpleConverter
    $NumberThreeDigit = ($NumberHundred|$NumberSimpleNoZero|$NumberZero|$NumberNumeric) || converter = $converters.numberSimpleConverter

    # larger numbers
    $NumberThousands = [a|$NumberThreeDigit] (тысяча|тысячи|тысяч|тысячу|тысяче|тысячей|тысячам|тысячами|тысячный|тысячная|тысячное|тысячного|тыс|тыща|тыщи|тыщ|тыщу|к|k|thousand|thousands|thousandth):1000 || converter = $converters.numberConverterMultiply
    $NumberMillions = [a|$NumberThreeDigit] (миллион|миллиона|миллионов|миллиону|миллионом|миллионе|миллионам|миллионами|миллионный|миллионная|миллионное|миллионного|лям|ляма|лямов|млн|million|millions|millionth):1000000 || converter = $converters.numberConverterMultiply
    $NumberBillions = [a|$NumberThreeDigit] (миллиард|миллиарда|миллиардов|миллиарду|миллиардом|миллиардам|миллиардный|миллиардная|миллиардное|ярд|ярда|ярдов|млрд|billion|billions|billionth|bn):1000000000 || converter = $converters.numberConverterMultiply
    $NumberBelowMillion = ($NumberThousands [и|and] [$NumberThreeDigit]|$NumberThreeDigit) || converter = $converters.numberConverterSum
    $NumberBelowBillion = ($NumberMillions [и|and] [$NumberBelowMillion]|$NumberBelowMillion) || converter = $converters.numberConverterSum
    $Number = [$Minus] ($NumberBillions [и|and] [$NumberBelowBillion]|$NumberBelowBillion|$NumberOrdinalDigit|$NumberShort) || converter = $converters.numberConverterSum
