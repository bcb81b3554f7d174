// Lucene, to race against.
//
// Install it: a JDK of 21 or newer, and Lucene's jars in a folder JARS. A package for Python brings them in a jar of its own:
//
//     pip download --no-deps nlp4j-local-search==0.8.1.0
//     unzip -p nlp4j_local_search-0.8.1.0-*.whl '*/nlp4j-localsearch.jar' > nlp4j.jar
//     unzip nlp4j.jar 'lucene-*.jar' 'gson-*.jar' -d JARS
//
// Run it as it is, without compiling, where COMMAND is `index ARTICLES.jsonl FOLDER`, `serve FOLDER` or `version`:
//
//     java --add-modules jdk.incubator.vector -cp 'JARS/*' LuceneRival.java COMMAND

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;
import org.apache.lucene.analysis.util.CharTokenizer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.queryparser.classic.QueryParser;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.Version;

public class LuceneRival {
    static final BM25Similarity BM25 = new BM25Similarity(1.2f, 0.75f);

    /** Characters; as long as tantivy's. */
    static final int FRAGMENT = 150;

    /** Runs of letters and digits, in lower case. */
    static final Analyzer TOKENS = new Analyzer() {
        @Override
        protected TokenStreamComponents createComponents(String field) {
            var runs = CharTokenizer.fromTokenCharPredicate(Character::isLetterOrDigit);
            return new TokenStreamComponents(runs, new LowerCaseFilter(runs));
        }
    };

    public static void main(String[] args) throws Exception {
        switch (args.length == 0 ? "" : args[0] + args.length) {
            case "index3" -> index(Path.of(args[1]), Path.of(args[2]));
            case "serve2" -> serve(Path.of(args[1]));
            case "version1" -> System.out.println("Lucene " + Version.LATEST + ", Java " + Runtime.version().feature());
            default -> {
                System.err.println("usage: LuceneRival.java index ARTICLES.jsonl FOLDER | serve FOLDER | version");
                System.exit(2);
            }
        }
    }

    static void index(Path articles, Path folder) throws IOException {
        var settings = new IndexWriterConfig(TOKENS).setSimilarity(BM25).setRAMBufferSizeMB(400);
        try (var directory = new MMapDirectory(folder);
                var writer = new IndexWriter(directory, settings);
                var lines = Files.newBufferedReader(articles)) {
            for (String line; (line = lines.readLine()) != null;) {
                JsonObject article = JsonParser.parseString(line).getAsJsonObject();
                String text = article.get("title").getAsString() + "\n\n" + article.get("body").getAsString();
                var document = new Document();
                document.add(new StringField("id", article.get("id").getAsString(), Field.Store.YES));
                document.add(new TextField("text", text, Field.Store.YES));
                writer.addDocument(document);
            }
            writer.forceMerge(1);
        }
    }

    static void serve(Path folder) throws IOException {
        // Without a cache, as the others: a race asks the same queries again.
        IndexSearcher.setDefaultQueryCache(null);
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        try (var reader = DirectoryReader.open(new MMapDirectory(folder))) {
            var searcher = new IndexSearcher(reader);
            searcher.setSimilarity(BM25);
            for (String line; (line = lines.readLine()) != null;) {
                long start = System.nanoTime();
                String[] parts = line.split("\t", 2);
                String answer;
                try {
                    answer = answer(searcher, parts[0], parts.length > 1 ? parts[1] : "");
                } catch (Exception error) {
                    answer = "ERROR " + String.valueOf(error.getMessage()).replaceAll("\\s+", " ");
                }
                out.print(answer + "\t" + (System.nanoTime() - start) + "\n");
                out.flush();
            }
        }
    }

    static String answer(IndexSearcher searcher, String command, String line) throws Exception {
        if (command.equals("NOP")) {
            return "0";
        }
        Query query = new QueryParser("text", TOKENS).parse(line);
        return switch (command) {
            case "COUNT" -> String.valueOf(searcher.count(query));
            case "TOP_10" -> String.valueOf(best(searcher, query, 10).length);
            case "TOP_100" -> String.valueOf(best(searcher, query, 100).length);
            case "TOP_10_SNIPPET" -> snippets(searcher, query);
            case "IDS_10" -> ids(searcher, query);
            default -> "UNSUPPORTED";
        };
    }

    /** The best hits; it need not count the others. */
    static ScoreDoc[] best(IndexSearcher searcher, Query query, int limit) throws IOException {
        return searcher.search(query, new TopScoreDocCollectorManager(limit, null, limit)).scoreDocs;
    }

    static String ids(IndexSearcher searcher, Query query) throws IOException {
        StoredFields stored = searcher.storedFields();
        List<String> hits = new ArrayList<>();
        for (ScoreDoc hit : best(searcher, query, 10)) {
            String id = stored.document(hit.doc, Set.of("id")).get("id");
            hits.add(String.format(Locale.ROOT, "%s:%.4f", id, hit.score));
        }
        return String.join(",", hits);
    }

    static String snippets(IndexSearcher searcher, Query query) throws IOException {
        Map<String, Float> weights = weights(searcher, query);
        StoredFields stored = searcher.storedFields();
        int length = 0;
        for (ScoreDoc hit : best(searcher, query, 10)) {
            length += snippet(stored.document(hit.doc, Set.of("text")).get("text"), weights).length();
        }
        return String.valueOf(length);
    }

    /** The query's words; the rarer one is, the more it weighs. */
    static Map<String, Float> weights(IndexSearcher searcher, Query query) throws IOException {
        Set<Term> terms = new HashSet<>();
        query.visit(QueryVisitor.termCollector(terms));
        Map<String, Float> weights = new HashMap<>();
        for (Term term : terms) {
            weights.put(term.text(), 1f / (1 + searcher.getIndexReader().docFreq(term)));
        }
        return weights;
    }

    /** A part of a text, and where the query's words are in it, as pairs of a start and an end. */
    static class Fragment {
        int start, end;
        float weight;
        final List<int[]> words = new ArrayList<>();

        String marked(String text) {
            var marked = new StringBuilder();
            int at = start;
            for (int[] word : words) {
                marked.append(text, at, word[0]).append("<b>").append(text, word[0], word[1]).append("</b>");
                at = word[1];
            }
            return marked.append(text, at, end).toString();
        }
    }

    /**
     * The fragment that weighs most, marked. Lucene's own highlighters are in a jar that the package lacks, so this does what
     * tantivy does: it reads all tokens of the text and cuts it into fragments of a length.
     */
    static String snippet(String text, Map<String, Float> weights) throws IOException {
        Fragment best = new Fragment(), last = best;
        try (TokenStream tokens = TOKENS.tokenStream("text", text)) {
            var term = tokens.addAttribute(CharTermAttribute.class);
            var offsets = tokens.addAttribute(OffsetAttribute.class);
            tokens.reset();
            while (tokens.incrementToken()) {
                if (offsets.endOffset() - last.start > FRAGMENT) {
                    last = new Fragment();
                    last.start = offsets.startOffset();
                }
                last.end = offsets.endOffset();
                Float weight = weights.get(term.toString());
                if (weight != null) {
                    last.weight += weight;
                    last.words.add(new int[] {offsets.startOffset(), offsets.endOffset()});
                }
                best = last.weight > best.weight ? last : best;
            }
            tokens.end();
        }
        return best.marked(text);
    }
}
