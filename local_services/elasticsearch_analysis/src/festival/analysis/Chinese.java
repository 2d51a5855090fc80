package festival.analysis;

import festival.analysis.Factories.Filter;
import java.util.Map;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.StopFilter;
import org.apache.lucene.analysis.cn.smart.HMMChineseTokenizer;
import org.apache.lucene.analysis.cn.smart.SmartChineseAnalyzer;
import org.elasticsearch.index.analysis.Analysis;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;

/** The names of the plugin analysis-smartcn. */
final class Chinese {
    private Chinese() {}

    static void tokenizers(Map<String, AnalysisProvider<TokenizerFactory>> tokenizers) {
        tokenizers.put("smartcn_tokenizer", (index, environment, name, settings) -> TokenizerFactory.newFactory(name, HMMChineseTokenizer::new));
    }

    static void tokenFilters(Map<String, AnalysisProvider<TokenFilterFactory>> filters) {
        filters.put("smartcn_stop", (index, environment, name, settings) -> {
            CharArraySet words = Analysis.parseWords(environment, settings, "stopwords", SmartChineseAnalyzer.getDefaultStopSet(),
                Map.of("_smartcn_", SmartChineseAnalyzer.getDefaultStopSet()), settings.getAsBoolean("ignore_case", false));
            return new Filter(name, input -> new StopFilter(input, words));
        });
    }
}
