# $mobilePhoneNumber is a Russian mobile number of ten or eleven digits, in digits
# or in words. Its value is +7 and the ten digits that start with 9.

require: ../number/number.sc
require: phoneNumber.js

patterns:
    $mobilePhoneNumberInDigits = $regexp<(\+?\s?\d[\s-]*)?\(?\s?9\d{2}\s?\)?([\s-]*\d){7}> || converter = $converters.phoneNumberConverter

    # groups of one to four digits in words; the value is the digits
    $phoneDigit = $NumberOneDigit || converter = $converters.phoneDigitsConverter
    $phoneFigure = (ноля:0|нуля:0|нулей:0|zeros:0|zeroes:0|единицы:1|единиц:1|ones:1|двойки:2|двоек:2|twos:2|тройки:3|троек:3|threes:3|четверки:4|четверок:4|fours:4|пятерки:5|пятерок:5|fives:5|шестерки:6|шестерок:6|sixes:6|семерки:7|семерок:7|sevens:7|восьмерки:8|восьмерок:8|eights:8|девятки:9|девяток:9|nines:9)
    $phoneTwo = ($NumberDozen|$NumberTwoDigit|$phoneDigit $phoneDigit|(две|два|two) $phoneFigure::twice) || converter = $converters.phoneDigitsConverter
    $phoneThree = ($NumberHundred|$phoneDigit $phoneTwo|$phoneTwo $phoneDigit|(три|three) $phoneFigure::thrice) || converter = $converters.phoneDigitsConverter
    $phoneThousand = [$NumberOneDigitNatural] (тысяча|тысячи|тысяч|thousand):1000 || converter = $converters.numberConverterMultiply
    $phoneThousands = $phoneThousand [and] [$NumberHundred|$NumberSimpleNoZero] || converter = $converters.numberConverterSum
    $phoneFour = ($phoneThousands|$phoneTwo $phoneTwo|$phoneDigit $phoneThree|(четыре|four) $phoneFigure::fourfold) || converter = $converters.phoneDigitsConverter

    $phoneNineHundred = девятьсот [$NumberDozen|$NumberTwoDigit|$NumberOneDigitNatural] || converter = $converters.phoneNineHundredConverter
    $phoneNine = ($phoneNineHundred|(девять|nine) $phoneTwo|(девяносто|ninety) $NumberOneDigitNatural $phoneDigit) || converter = $converters.phoneNineConverter
    $mobilePhoneNumberInWords = [[плюс|plus] (семь|восемь|seven|eight)] $phoneNine ($phoneThree $phoneFour|$phoneFour $phoneThree|$phoneTwo $phoneThree $phoneTwo) || converter = $converters.phoneNumberWordsConverter

    $mobilePhoneNumber = ($mobilePhoneNumberInDigits|$mobilePhoneNumberInWords) || converter = $converters.propagateConverter
