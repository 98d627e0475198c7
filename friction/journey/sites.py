"""Which sites are search engines, social networks, shops and video sites, by the words of their names.

GA4 keeps such a list of some 800 sources (help page "Default channel group"); these are the ones that send nearly all
visits. A name fits a whole label of a host (`google` fits `www.google.co.uk`), a name with a dot the end of it, and
either fits a campaign's source as it is.
"""

from __future__ import annotations

SEARCH = frozenset(
    """google bing yahoo duckduckgo ecosia qwant startpage baidu yandex naver daum seznam ask aol sogou so.com 360.cn
    search.brave.com brave lilo exalead lycos dogpile swisscows mojeek kagi you.com presearch metager rambler onet
    wp.pl virgilio conduit babylon avg incredimail centrum.cz atlas.cz terra tut.by ukr.net rakuten-search
    biglobe goo.ne.jp auone search-results globo zapmeta info.com search.xyz cnn-search googlesearch msn
    petalsearch petal coccoc eniro sm.cn search.smt.docomo""".split()
)
SOCIAL = frozenset(
    """facebook fb instagram ig twitter x.com t.co linkedin lnkd.in pinterest pin.it reddit tiktok snapchat tumblr
    threads.net mastodon mastodon.social bsky.app bluesky vk vkontakte ok.ru odnoklassniki weibo wechat qq renren
    xing whatsapp wa.me telegram t.me discord slack quora medium.com flickr meetup nextdoor line.me kakao kakaotalk
    messenger hootsuite buffer sprinklr foursquare yelp tripadvisor disqus livejournal blogger blogspot wordpress
    plurk mixi ning gaiaonline goodreads myspace care2 deviantart douban stackoverflow stackexchange ycombinator
    news.ycombinator.com producthunt taringa viadeo skyrock workplace yammer paper.li""".split()
)
SHOPPING = frozenset(
    """amazon ebay etsy aliexpress alibaba walmart wish mercadolibre mercadolivre shopify shop.app rakuten zalando
    cdiscount fnac idealo kelkoo leguide shopzilla shopping.com pricegrabber bizrate pricerunner ceneo allegro
    bol.com otto target bestbuy newegg overstock wayfair igshopping google-shopping googleshopping shopping.google
    twenga ciao billiger.de geizhals heureka zbozi trovaprezzi flipkart taobao tmall jd.com lazada shopee temu shein
    cheaper stripe checkout.stripe.com""".split()
)
VIDEO = frozenset(
    """youtube youtu.be vimeo dailymotion twitch netflix hulu disneyplus ted iqiyi youku bilibili niconico
    crunchyroll wistia rutube tudou veoh viddler break utreon rumble odysee peertube""".split()
)


def kind_of(source: str) -> str | None:
    """`search`, `social`, `shopping` or `video` for the name of a source or host in lower case; null for others."""
    for kind, names in KINDS:
        if source in names or not names.isdisjoint(_names(source)):
            return kind
    return None


def _names(source: str) -> set[str]:
    """What of a host may stand in a list: each end of it, and each label but the last."""
    labels = source.split(".")
    ends = {".".join(labels[at:]) for at in range(len(labels) - 1)}
    return ends | set(labels[:-1])


KINDS = (("shopping", SHOPPING), ("video", VIDEO), ("social", SOCIAL), ("search", SEARCH))
"""In this order: `shopping.google.com` is a shop although `google` is a search engine."""
