package festival.analysis;

import festival.analysis.Factories.Filter;
import java.io.IOException;
import java.io.StringReader;
import java.text.ParseException;
import java.util.List;
import java.util.function.Function;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.synonym.SolrSynonymParser;
import org.apache.lucene.analysis.synonym.SynonymGraphFilter;
import org.apache.lucene.analysis.synonym.SynonymMap;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.index.IndexService.IndexCreationContext;
import org.elasticsearch.index.analysis.Analysis;
import org.elasticsearch.index.analysis.CharFilterFactory;
import org.elasticsearch.index.analysis.CustomAnalyzer;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;

/** {@code synonym_graph} with its rules (Solr's form) in the index settings. Rules are read through the filters that stand before it. */
record SynonymGraph(String name, Environment environment, Settings settings) implements TokenFilterFactory {
    @Override
    public TokenStream create(TokenStream input) {
        throw new IllegalStateException("[" + name + "] is only known once its analyzer is");
    }

    @Override
    public TokenFilterFactory getChainAwareTokenFilterFactory(
        IndexCreationContext context,
        TokenizerFactory tokenizer,
        List<CharFilterFactory> charFilters,
        List<TokenFilterFactory> before,
        Function<String, TokenFilterFactory> others
    ) {
        TokenFilterFactory[] filters = before.stream().map(TokenFilterFactory::getSynonymFilter).toArray(TokenFilterFactory[]::new);
        SynonymMap rules = rules(new CustomAnalyzer(tokenizer, charFilters.toArray(CharFilterFactory[]::new), filters));
        return new Filter(name, input -> rules.fst == null ? input : new SynonymGraphFilter(input, rules, false));
    }

    private SynonymMap rules(Analyzer analyzer) {
        SolrSynonymParser parser = new SolrSynonymParser(true, settings.getAsBoolean("expand", true), analyzer);
        try {
            parser.parse(new StringReader(String.join("\n", Analysis.getWordList(environment, settings, "synonyms"))));
            return parser.build();
        } catch (IOException | ParseException error) {
            throw new IllegalArgumentException("[" + name + "] has a rule that cannot be read", error);
        }
    }
}
