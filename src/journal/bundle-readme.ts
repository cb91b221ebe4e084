import type { BundleDescription } from "./verify-source.ts";

/** What a bundle tells whoever opens it, in French and in English: names of files and their texts. */
export function bundleReadme(bundle: BundleDescription): ReadonlyMap<string, string> {
  return new Map([
    ["LISEZMOI.txt", french(bundle)],
    ["README.txt", english(bundle)],
  ]);
}

function english({ origin, size, from, to, withheld, madeAt }: BundleDescription): string {
  const part = from === 0 && to === size ? `all ${size} leaves` : `leaves ${from} to ${to - 1} of ${size}`;
  return `The journal ${origin}: ${part}. Made on ${madeAt}.

What this is
A video analysis system writes down each of its acts here: what it ran under, what it was denied, each alert and
what people made of it, who looked at pictures and why, what was erased. Nobody can change a line afterwards
without being noticed, neither the operator nor the maker.

How to check it, without trusting whoever gave it to you and without a network
  contrechamp journal verify THIS_FOLDER --html result.html
The page that this makes explains the result. Two things make it worth more:
- Get the journal's public key from its published register, and give it with --key. The file "public" here is only
  what this bundle says of itself.
- Ask a witness (a town hall, an association) for its public key and give it with --witness-key, or for its memory
  file and give it with --trusted. Without a witness the operator could show you another journal than others.

What is in it
  checkpoint     the signed state: name, number of leaves, root hash, signatures
  public         the journal's public key, as the journal says
  witnesses      public keys of witnesses, as the journal says
  witnessed/     earlier signed states that witnesses signed
  tile/entries/  the leaves
  tile/N/        hashes that lead from the leaves to the root
  payloads/      what the leaves are about, one line a leaf
  bundle.json    which part this is

What is not in it
A line of payloads/ that says "erased" was destroyed, as the law asks after a time; a leaf of the journal says when
and why, and the leaf that it belonged to still proves that it was there. A line that says "withheld" was left out
of this bundle${withheld.length === 0 ? "" : ` (${withheld.join(", ")})`}; it can be asked for.

The formats are public: https://c2sp.org/tlog-tiles, https://c2sp.org/tlog-checkpoint,
https://c2sp.org/tlog-cosignature, RFC 6962. Other programs can check this folder too.
`;
}

function french({ origin, size, from, to, withheld, madeAt }: BundleDescription): string {
  const part =
    from === 0 && to === size
      ? `les ${size} feuilles`
      : `les feuilles ${from} à ${to - 1}, sur ${size} au total`;
  return `Le journal ${origin} : ${part}. Établi le ${madeAt}.

De quoi s'agit-il ?
Un système d'analyse vidéo inscrit ici chacun de ses actes : sur quel fondement il a fonctionné, ce qui lui a été
refusé, chaque alerte et la suite que des personnes lui ont donnée, qui a regardé des images et pourquoi, ce qui a
été effacé. Personne ne peut changer une ligne après coup sans que cela se voie, ni l'exploitant ni l'éditeur.

Comment le vérifier, sans croire sur parole qui vous l'a remis, et sans réseau
  contrechamp journal verify CE_DOSSIER --html resultat.html
La page obtenue explique le résultat. Deux choses lui donnent plus de valeur :
- Prenez la clé publique du journal dans son registre publié et donnez-la avec --key. Le fichier « public » présent
  ici n'est que ce que ce dossier dit de lui-même.
- Demandez à un témoin (une mairie, une association) sa clé publique, à donner avec --witness-key, ou son fichier de
  mémoire, à donner avec --trusted. Sans témoin, l'exploitant pourrait vous montrer un autre journal qu'à d'autres.

Ce qu'il contient
  checkpoint     l'état signé : nom, nombre de feuilles, empreinte racine, signatures
  public         la clé publique du journal, selon lui-même
  witnesses      les clés publiques des témoins, selon le journal
  witnessed/     des états antérieurs, signés par des témoins
  tile/entries/  les feuilles
  tile/N/        les empreintes qui mènent des feuilles à la racine
  payloads/      ce dont parlent les feuilles, une ligne par feuille
  bundle.json    de quelle partie il s'agit

Ce qu'il ne contient pas
Une ligne de payloads/ marquée « erased » a été détruite, comme la loi le veut après un délai ; une feuille du journal
dit quand et pourquoi, et la feuille correspondante prouve toujours qu'elle existait. Une ligne marquée « withheld »
n'a pas été jointe à ce dossier${withheld.length === 0 ? "" : ` (${withheld.join(", ")})`} ; elle peut être demandée.

Les formats sont publics : https://c2sp.org/tlog-tiles, https://c2sp.org/tlog-checkpoint,
https://c2sp.org/tlog-cosignature, RFC 6962. D'autres programmes peuvent aussi vérifier ce dossier.
`;
}
