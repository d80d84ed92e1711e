// What the page says, in Chinese and English. Labels of codes in Chinese come with the data; in English a code is its
// own label, but for those below.
"use strict";

const WORDS = {
  title: ["县域指标比较", "County indicators compared"],
  subtitle: ["指标由公报原文逐句抽取，点开任一数字即见出处", "Taken from bulletins sentence by sentence: open any figure to see its source"],
  release: ["数据版本", "Release"],
  newest: ["最新文件", "newest document"],
  skip: ["跳到正文", "Skip to the content"],
  views: ["视图", "Views"],
  league: ["指标排名", "League"],
  targets: ["目标完成", "Targets"],
  trend: ["历年走势", "Trend"],
  profile: ["地区概览", "Place"],
  discrepancies: ["存疑", "Discrepancies"],
  missing: ["缺报", "Missing"],
  methods: ["口径与说明", "Methods"],
  language: ["English", "中文"],
  indicator: ["指标", "Indicator"],
  series: ["序列", "Series"],
  period: ["时期", "Period"],
  all_periods: ["全部时期", "All periods"],
  province: ["省份", "Province"],
  area: ["范围", "Scope"],
  search: ["查找", "Search"],
  search_hint: ["地区、代码或指标", "Place, code or indicator"],
  no_match: ["没有相符的地区或指标", "No such place or indicator"],
  download: ["下载 CSV", "Download CSV"],
  copy: ["复制 CSV", "Copy CSV"],
  copied: ["已复制", "copied"],
  not_copied: ["浏览器不许复制，请下载", "the browser refused: download it"],
  print: ["打印", "Print"],
  counties_of: ["所辖县（市、区）", "counties"],
  towns_of: ["所辖乡镇（街道）", "towns"],
  failed: ["读取失败", "Could not be read"],
  failed_remedy: ["数据文件不全：请连同 data 文件夹一起复制整个 explorer 文件夹", "A data file is missing: copy the whole folder explorer, data included"],
  mixed: ["有文件属于另一版本，请整体重新复制", "A file is of another release: copy the whole folder anew"],
  nothing: ["没有数据", "Nothing here"],
  nothing_remedy: ["换一个时期、范围或指标", "Choose another period, scope or indicator"],
  rank: ["排名", "Rank"],
  change: ["变化", "Change"],
  place: ["地区", "Place"],
  value: ["实际", "Actual"],
  growth_reported: ["公布增速", "Growth reported"],
  growth_computed: ["计算增速", "Growth computed"],
  rank_reported: ["公布位次", "Rank reported"],
  target: ["目标", "Target"],
  ratio: ["完成比", "Ratio"],
  light: ["灯", "Light"],
  gap: ["差额", "Gap"],
  year: ["时期", "Period"],
  peers: ["参排", "ranked"],
  places_in_all: ["应有", "places in all"],
  bounded: ["只有界限", "bounds only"],
  absent: ["缺报", "not stated"],
  unranked: ["未参排", "not ranked"],
  median: ["中位数", "median"],
  up: ["上升", "up"],
  down: ["下降", "down"],
  same: ["持平", "unchanged"],
  as_printed: ["原文", "as printed"],
  promised: ["承诺", "promise"],
  status: ["完成情况", "Outcome"],
  all: ["全部", "All"],
  green: ["达成", "reached"],
  yellow: ["接近", "close"],
  red: ["未达成", "missed"],
  grey: ["无从判断", "not to be judged"],
  actual_line: ["实际", "Actual"],
  target_line: ["目标", "Target"],
  peers_line: ["同级其他地区", "Peers"],
  source: ["原文依据", "Source"],
  close: ["关闭", "Close"],
  fact: ["实绩", "Fact"],
  target_word: ["目标", "Target"],
  outcome: ["结果", "Outcome"],
  related: ["同期同指标的其他说法", "Other statements of the period"],
  document: ["来源文件", "Document"],
  published: ["发布", "published"],
  undated: ["未注明日期", "undated"],
  open_document: ["打开原文", "Open the original"],
  file: ["文件", "File"],
  position: ["字符", "characters"],
  cell: ["单元格", "cell"],
  rival: ["另有说法", "rival"],
  rivals: ["说", "rivals"],
  caveats: ["提示", "Mind"],
  no_quote: ["原句中未能定位引文", "The quote could not be placed in its sentence"],
  explain: ["命令行核对", "On the terminal"],
  progress: ["年内进度", "So far"],
  elapsed: ["时间进度", "time elapsed"],
  first_stated: ["首次公布", "as first published"],
  finding: ["疑点", "Finding"],
  severity: ["程度", "Severity"],
  one_side: ["一说", "One says"],
  other_side: ["另一说", "Another says"],
  deviation: ["相差", "Deviation"],
  no_document: ["未收到文件", "no document"],
  documents_unread: ["未采用或有未决数字的文件", "Documents refused, or with figures unresolved"],
  ingest_status: ["接收", "Intake"],
  warnings: ["提示", "Warnings"],
  unresolved: ["未决", "Unresolved"],
  facts: ["实绩", "Facts"],
  theme: ["主题", "Theme"],
  withheld: ["扣发", "withheld"],
  definition: ["含义", "Definition"],
  direction: ["优劣方向", "Direction"],
  id: ["代码", "Id"],
  slot: ["栏目", "Slot"],
  code_version: ["程序版本", "Code"],
  see_trend: ["历年走势", "Trend"],
  see_profile: ["地区概览", "Profile"],
  how_right: ["抽取质量", "How right extraction is"],
  how_right_note: ["在人工标注的真实文件上测得；严格指七栏全对", "Measured on annotated real documents; strict: seven slots right together"],
  precision: ["准确率", "Precision"],
  recall: ["召回率", "Recall"],
  n_gold: ["标注条数", "Annotated"],
  rules: ["规则", "Rules"],
  dictionary: ["数据字典", "Data dictionary"],
  quality: ["质量报告", "Quality report"],
  workbook: ["Excel 工作簿", "Workbook"],
  more: ["方法与文件", "Files of the release"],
  rows: ["行", "rows"],
  table_caption: ["排序：选列名；原文：选地区名或数字", "Sort by a column's name; open a source by the place or the figure"],
};

// [中文, English] of what the page does not get with the data, or what has no English of its own there.
const LABELS = {
  theme: {
    economy: ["经济", "economy"], fiscal: ["财政", "fiscal"], agriculture: ["农业", "agriculture"], population: ["人口", "population"],
    transport: ["交通", "transport"], housing: ["住房城建", "housing"], environment: ["环境", "environment"], industry: ["工业", "industry"],
    science: ["科技", "science"], education: ["教育", "education"], investment: ["投资", "investment"], social: ["社会保障", "social"],
    governance: ["治理", "governance"], rural: ["乡村", "rural"], enterprise: ["企业", "enterprise"], culture: ["文旅", "culture"],
    employment: ["就业", "employment"], finance: ["金融", "finance"], energy: ["能源", "energy"], foreign: ["外经", "foreign"],
    health: ["卫生", "health"], income: ["收入", "income"], safety: ["安全", "safety"], trade: ["商贸", "trade"], land: ["土地", "land"],
    no_indicator: ["未对应指标", "no indicator"],
  },
  area_level: {
    province: ["省级", "province"], prefecture: ["地级", "prefecture"], county: ["县级", "county"], township: ["乡级", "township"], zone: ["开发区", "zone"],
  },
  direction: {
    "higher is better": ["越高越好", "higher is better"], "lower is better": ["越低越好", "lower is better"], neutral: ["中性，按大小排", "neutral, by size"],
  },
  aspect: { new: ["新增", "new"], cumulative: ["累计", "cumulative"] },
  price_base: { constant: ["可比价", "constant prices"] },
  base: { year: ["比上年", "on the year before"], previous: ["比上期", "on the period before"], average: ["年均", "yearly average"] },
  deviation_unit: {
    "percentage points": ["个百分点", "percentage points"], "percent of the preferred value": ["%", "% of the preferred"], "percent of the whole": ["%（占总体）", "% of the whole"],
    places: ["位", "places"], "powers of ten": ["个数量级", "powers of ten"],
  },
  freq: { A: ["", ""], S: ["半年", "half-year"], Q: ["季", "quarter"], M: ["月", "month"], P: ["跨期", "span"] },
  nature: { binding: ["约束性", "binding"], expected: ["预期性", "expected"], unstated: ["", ""] },
  ingest_status: {
    accepted: ["接收", "accepted"], accepted_with_warning: ["接收但有提示", "accepted with warning"], quarantined: ["隔离", "quarantined"], pending: ["待处理", "pending"],
  },
  bound: { min: ["以上", "at least"], max: ["以内", "at most"], approx: ["左右", "about"], eq: ["", ""], range: ["", ""] },
};

// The page of rules: [中文, English].
const RULES = [
  ["灯：达到目标为绿；完成比 95%—100% 为黄；以下为红；口径、单位、时期不同或尚无实绩者为灰，并写明原因，不给颜色。", "Lights: green where the target is reached, yellow at 95 to 100 %, red below; grey, with the reason, where scope, unit or period differ or no figure is known yet."],
  ["“以上”按下限、“以内”按上限、“左右”按所写数值、区间按下限核对；印成 5% 的目标只与印出的增速核对，不与计算增速核对。", "以上 is judged as a floor, 以内 as a ceiling, 左右 by the number itself, a range by its lower end; a target of growth is settled by growth as printed, never as computed."],
  ["排名只在同一上级、同一序列、同一时期的确数之间排；只给界限（以上、以内）的不排；“参排”为分母。", "Ranks compare exact figures of one series and period under the same unit above; figures that state only a bound are not ranked; the denominator stands beside the rank."],
  ["公布增速为原文所印；计算增速由两年公布的总量算出，从不代替前者；二者不符列入存疑。", "Growth reported is as printed; growth computed comes from the two published levels and never replaces it; where they disagree it is a discrepancy."],
  ["同一数据有多种说法时，先看文件类别，再看发布先后、是否确数，采用一条，其余并列可查。", "Where documents disagree one figure is preferred (by kind of document, then the later, then the exact) and the others stay beside it."],
  ["缺报指本级有报告而未提此数，不等于零；待报指报告期未到或文件未收。", "Not stated means that a document reports on the period without the figure; it is not zero. Pending means that no document reports the period yet."],
  ["原文高亮按 Unicode 码点切出，与引文完全一致。", "The highlight is cut by Unicode code points and is the quote exactly."],
];

let language = "zh";

function word(key) {
  if (!(key in WORDS)) throw new Error(`no word ${key}`);
  return WORDS[key][language === "zh" ? 0 : 1];
}

function label(slot, code) {
  if (code === null || code === undefined) return "";
  const known = LABELS[slot] && LABELS[slot][code];
  return known ? known[language === "zh" ? 0 : 1] : code;
}

// A code whose Chinese label comes with its row.
function coded(code, zh) {
  if (code === null || code === undefined) return "";
  return language === "zh" ? zh ?? code : code.replaceAll("_", " ");
}
