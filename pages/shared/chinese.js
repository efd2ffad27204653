// Streamlit's own words in Chinese: what its widgets say, show when pointed at, or have a screen reader say. What a page
// of ours shows is left alone: only these very words are looked for, and not in our own HTML.
const WORDS = new Map(Object.entries({
  "Skip to main content": "跳到正文", "App pages": "页面", "Link to heading": "这个标题的地址", "Navigate to home page": "回到总览",
  "Logo": "政策任务追溯", "Open": "展开", "Close": "关闭", "Dismiss": "收起", "Clear entry": "清空", "Clear value": "清空",
  "Choose an option": "请选择", "Choose options": "请选择", "No results": "没有符合的选项", "Selectbox options": "选项",
  "progress": "进度", "Show data": "看数据", "Show chart": "看图", "Download as PNG": "存为图片", "Fullscreen": "放大",
  "Close fullscreen": "退出放大", "Show/hide columns": "选择显示的列", "Download as CSV": "存为 CSV", "Search": "查找",
  "Close Search": "关闭查找", "Sort ascending": "升序", "Sort descending": "降序", "Autosize": "自动列宽", "Hide column": "隐藏这一列",
  "Pin column": "固定这一列", "Unpin column": "不再固定", "Format": "数字格式", "Copy column name": "复制列名", "Statistics": "统计",
  "Dataframe column menu": "列的菜单", "file upload": "选择文件", "Add files": "再选文件", "Drag and drop files here": "把文件拖到这里",
  "Upload": "选择文件", "Error uploading file": "没有传上来，请再试一次", "Download failed": "没有下载成功，请再试一次",
  "Connection error": "连接断开了", "Connecting": "正在连接", "Connecting to Streamlit server": "正在连接",
  "Streamlit server is not responding. Are you connected to the internet?":
    "程序没有回应：可能已经停止，或者网络断开了。恢复以后，这一页会自动接上；也可以请维护者重新运行 policytrace app。",
  "Connection lost. Please wait for the app to reconnect, then try again.": "连接断开了，接上以后请再试一次。",
  "Page not found": "没有这一页",
  "The page that you have requested does not seem to exist. Running the app's main page.": "地址里的页面不存在，已打开总览。",
  "This app has encountered an error. The original error message is redacted to prevent data leaks. Full error details have been recorded in the logs.":
    "这一页没有画出来，是程序的缺陷；数据没有受损。请刷新，仍不行就把页面地址交给维护者。",
  "view more": "展开", "view less": "收起", "Running...": "正在处理 ……", "Stop": "停止", "Rerun": "重新运行",
}));
const FORMS = [
  [/^Add: /, "查找："], [/^(\d+) options? available\.$/, "有 $1 个选项"], [/^Help for /, "说明："], [/^Shortcut /, "快捷键 "],
  [/^Remove /, "去掉 "], [/^([XY])-axis [^:]* from (\S+) to (\S+)$/, (_, axis, a, b) => `${axis === "X" ? "横" : "纵"}轴，${a} 到 ${b}`],
  [/^X-axis [^:]*: /, "横轴："], [/^Y-axis [^:]*: /, "纵轴："], [/^Symbol legend [^:]*: /, "图例："], [/^(Show data|Download as PNG|Fullscreen)(?=: )/, (word) => WORDS.get(word)],
];
const SAID = ["aria-label", "title", "placeholder", "alt"];

function chinese(words) {
  const known = WORDS.get(words.trim());
  if (known !== undefined) return known;
  for (const [form, said] of FORMS) if (form.test(words)) return words.replace(form, said).replace(", ending with ", " …… ");
  return words;
}

function inChinese(root) {
  if (root.nodeType === Node.TEXT_NODE) {
    if (root.parentElement?.closest(".stHtml, #pt-first, [data-testid=stIconMaterial]")) return;
    const said = chinese(root.data);
    if (said !== root.data) root.data = said;
  } else if (root.nodeType === Node.ELEMENT_NODE && !root.matches(".stHtml, #pt-first")) {
    for (const name of SAID) {
      const words = root.getAttribute(name);
      if (words && chinese(words) !== words) root.setAttribute(name, chinese(words));
    }
    root.childNodes.forEach(inChinese);
  }
}

function watchWords() {
  const watch = new MutationObserver((changes) => {
    for (const one of changes) {
      if (one.type === "childList") one.addedNodes.forEach(inChinese);
      else inChinese(one.target);
    }
  });
  inChinese(document.body);
  watch.observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: SAID});
  return watch;
}
