// The looks of reports: one style sheet for HTML and SVG, in light and dark.
//
// The colours of bars are those of Okabe and Ito, which people who confuse red and green can tell apart;
// a legend names them, and every bar has its name beside it, so none is told by colour alone.

enum Style {
  static let colours: StaticString = """
    :root{color-scheme:light dark;--page:#fbfbfa;--card:#fff;--ink:#1b1d1f;--soft:#5b6168;\
    --line:#d9dcdf;--free:#f0f1f2;--code:#0072b2;--constants:#009e73;--data:#e69f00;--zeroed:#cc79a7;\
    --image:#b8860b;--reserve:#9aa1a8;--slot:#56b4e9;--headers:#6b7280;--bar:#2f6fab;--warn:#b42318}
    @media(prefers-color-scheme:dark){:root{--page:#131517;--card:#1b1e21;--ink:#e8eaec;--soft:#a3abb3;\
    --line:#353a3f;--free:#25292d;--code:#4aa8e0;--constants:#2bbf93;--data:#f0b429;--zeroed:#dd94bd;\
    --image:#d3a83c;--reserve:#717a83;--slot:#7fcbf3;--headers:#8f98a3;--bar:#5b9bd5;--warn:#ff8f80}}

    """

  static let drawing: StaticString = """
    text{font:12px ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;fill:var(--ink)}
    text.end{text-anchor:end}text.address{font-size:11px;fill:var(--soft)}
    text.small{font-size:11px;fill:var(--soft)}text.faint{fill:var(--soft)}
    text.head{font:600 15px system-ui,sans-serif}text.sub{font:12px system-ui,sans-serif;fill:var(--soft)}
    rect.bar{stroke:var(--card);stroke-width:.6}rect.open{fill-opacity:.35;stroke-dasharray:4 3;stroke:var(--ink)}
    rect.free{fill:var(--free);stroke:var(--line);stroke-width:.6}
    rect.frame{fill:var(--free);stroke:var(--line)}rect.taken{fill:var(--soft)}
    polygon.lens{fill:var(--soft);fill-opacity:.13}
    polyline{fill:none}polyline.leader{stroke:var(--soft);stroke-width:.6;stroke-opacity:.7}
    polyline.break{stroke:var(--soft);stroke-width:1}line.tick{stroke:var(--line);stroke-width:.7}
    .code{fill:var(--code)}.constants{fill:var(--constants)}.data{fill:var(--data)}
    .zeroed{fill:var(--zeroed)}.slot{fill:var(--slot)}.headers{fill:var(--headers)}
    .image{fill:var(--image);fill-opacity:.65}.reserve{fill:var(--reserve);fill-opacity:.6}

    """

  static let page: StaticString = """
    *{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--ink);\
    font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
    main{max-width:1180px;margin:0 auto;padding:20px 16px 48px}
    h1{font-size:20px;margin:0 0 2px;overflow-wrap:anywhere}h2{font-size:17px;margin:0}
    h3{font-size:13px;margin:0 0 6px;color:var(--soft);font-weight:600}
    h3.apart{margin-top:12px}
    p{margin:2px 0 0;color:var(--soft)}
    .card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px;margin-top:16px}
    .card>header{display:flex;flex-wrap:wrap;gap:2px 14px;align-items:baseline;margin-bottom:10px}
    .card>header p{margin:0}.split{display:grid;grid-template-columns:minmax(0,11fr) minmax(0,9fr);gap:20px 28px}
    .split>*{min-width:0}svg.strip{display:block;width:100%;height:auto}
    .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(440px,100%),1fr));gap:0 16px;align-items:start}
    .lists{display:grid;gap:18px;align-content:start}
    @media(max-width:820px){.split{grid-template-columns:minmax(0,1fr)}}
    .usage{display:grid;gap:8px;margin-top:14px}
    .use{display:grid;grid-template:"name meter number"/12em minmax(60px,1fr) 23em;gap:2px 12px;\
    align-items:center}.use a{grid-area:name;color:inherit;font-weight:600;text-decoration:none}
    .use a:hover{text-decoration:underline}.use .meter{grid-area:meter}.use .number{grid-area:number}
    .meter{height:16px;background:var(--free);border:1px solid var(--line);border-radius:4px;overflow:hidden;\
    display:flex}.meter i{display:block;height:100%}
    summary p::before{content:"▸ "}details[open]>summary p::before{content:"▾ "}
    .row .number{font-size:13.5px}details.all{margin-top:12px}
    .number{font-variant-numeric:tabular-nums;white-space:nowrap;text-align:right}
    .full{color:var(--warn);font-weight:600}
    @media(max-width:640px){.use{grid-template:"name number" "meter meter"/minmax(0,1fr) auto}}
    .list{display:grid;gap:2px}.row{display:grid;grid-template-columns:minmax(0,1fr) auto 4.2em;gap:0 10px;\
    padding:2px 6px;border-radius:4px;background:linear-gradient(var(--tint),var(--tint)) 0 0/var(--w) 100% no-repeat}
    .list{--tint:color-mix(in srgb,var(--bar) 20%,transparent)}
    .row>span:first-child{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;\
    font:12.5px/1.6 ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace}
    details .list,details details{margin-left:14px}summary{cursor:pointer;list-style:none}
    summary::-webkit-details-marker{display:none}summary .row>span:first-child::before{content:"▸ ";color:var(--soft)}
    details[open]>summary .row>span:first-child::before{content:"▾ "}
    .list>.row>span:first-child{padding-left:1.2em}
    .more{color:var(--soft);padding:2px 6px 2px 1.8em;font-size:13px}
    .legend{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:13px;color:var(--soft);margin-top:12px}
    .legend i{display:inline-block;width:11px;height:11px;border-radius:2px;margin-right:5px;vertical-align:-1px}
    table{border-collapse:collapse;width:100%;font-size:13.5px}th{text-align:left;color:var(--soft);font-weight:600}
    td,th{padding:2px 10px 2px 0;vertical-align:top}td.name{font:12.5px/1.6 ui-monospace,"DejaVu Sans Mono",monospace;\
    overflow-wrap:anywhere}.up{color:var(--warn)}.scroll{overflow-x:auto}

    """

  /// The fill of HTML elements that have the class of a kind.
  static var backgrounds: String {
    MemoryBlock.Kind.allCases.map { ".b-\($0.rawValue){background:var(--\($0.rawValue))}" }
      .joined() + "\n"
  }

  static func text(_ sheet: StaticString) -> String { sheet.description }
}
